package io.userstore.command.password;

import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Argon2id by BouncyCastle, in the encoding that Spring Security's encoder and the reference implementation read and
 * write ({@code $argon2id$v=19$m=…,t=…,p=1$salt$hash}). Unlike Spring's it keeps the memory of a hash for the thread's
 * next one: 19 MiB of small blocks per sign-in, thrown away each time, cost the collector a third of the processors.
 *
 * <p>Thread-safe. Each thread that hashes holds the memory of one hash of ours, softly: it is given up before the heap is. What a
 * hash from elsewhere takes beyond that is not kept.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9106">RFC 9106, Argon2</a>
 */
final class Argon2Encoder implements PasswordEncoder {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    /** Bounds on what a hash that comes from elsewhere may ask for: a gibibyte, and a hundred passes. */
    private static final int MOST_MEMORY_KIB = 1 << 20;

    private static final int MOST_ITERATIONS = 100;
    private static final int MOST_LANES = 64;

    private static final Pattern ENCODED = Pattern.compile("\\$argon2(id|i|d)\\$v=(16|19)\\$m=(\\d{1,7}),t=(\\d{1,3}),"
            + "p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,128})\\$([A-Za-z0-9+/]{16,256})");

    private final SecureRandom random = new SecureRandom();
    private final ThreadLocal<SoftReference<BlockPool>> kept = new ThreadLocal<>();

    private final int memoryKib;
    private final int iterations;

    /**
     * @param memoryKib of one hash, 8 to 1,048,576 KiB
     * @param iterations passes over the memory, 1 to 100
     */
    Argon2Encoder(int memoryKib, int iterations) {
        this.memoryKib = memoryKib;
        this.iterations = iterations;
    }

    /** What an encoded hash says of itself. */
    private record Hash(int type, int version, int memoryKib, int iterations, int lanes, byte[] salt, byte[] bytes) {}

    @Override
    public @Nullable String encode(@Nullable CharSequence password) {
        if (password == null) {
            return null;
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] bytes = new byte[HASH_BYTES];
        Hash hash = new Hash(
                Argon2Parameters.ARGON2_id,
                Argon2Parameters.ARGON2_VERSION_13,
                memoryKib,
                iterations,
                LANES,
                salt,
                bytes);
        compute(password, hash, bytes);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + iterations + ",p=" + LANES + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(bytes);
    }

    /** Whether the password is that of the hash; false also for what is no hash of Argon2. */
    @Override
    public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
        Hash hash = encoded == null ? null : parse(encoded);
        if (password == null || hash == null) {
            return false;
        }
        byte[] bytes = new byte[hash.bytes().length];
        compute(password, hash, bytes);
        return MessageDigest.isEqual(bytes, hash.bytes());
    }

    /** Whether a hash is another than those made here: weaker, or dearer to check at each sign-in. */
    @Override
    public boolean upgradeEncoding(@Nullable String encoded) {
        Hash hash = encoded == null ? null : parse(encoded);
        return hash != null
                && (hash.memoryKib() != memoryKib
                        || hash.iterations() != iterations
                        || hash.lanes() != LANES
                        || hash.type() != Argon2Parameters.ARGON2_id
                        || hash.version() != Argon2Parameters.ARGON2_VERSION_13);
    }

    /** Whether this is a hash of Argon2 that can be checked. */
    static boolean isHash(String encoded) {
        return parse(encoded) != null;
    }

    private static @Nullable Hash parse(String encoded) {
        Matcher parts = ENCODED.matcher(encoded);
        if (!parts.matches()) {
            return null;
        }
        int type = switch (parts.group(1)) {
            case "i" -> Argon2Parameters.ARGON2_i;
            case "d" -> Argon2Parameters.ARGON2_d;
            default -> Argon2Parameters.ARGON2_id;
        };
        int memory = Integer.parseInt(parts.group(3));
        int passes = Integer.parseInt(parts.group(4));
        int lanes = Integer.parseInt(parts.group(5));
        boolean possible = passes >= 1
                && passes <= MOST_ITERATIONS
                && lanes >= 1
                && lanes <= MOST_LANES
                && memory >= 8 * lanes
                && memory <= MOST_MEMORY_KIB;
        try {
            return possible
                    ? new Hash(
                            type,
                            Integer.parseInt(parts.group(2)),
                            memory,
                            passes,
                            lanes,
                            Base64.getDecoder().decode(parts.group(6)),
                            Base64.getDecoder().decode(parts.group(7)))
                    : null;
        } catch (IllegalArgumentException e) {
            // A length that base64 does not have: no hash, so no password matches it.
            return null;
        }
    }

    private void compute(CharSequence password, Hash hash, byte[] into) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(hash.type())
                .withVersion(hash.version())
                .withMemoryAsKB(hash.memoryKib())
                .withIterations(hash.iterations())
                .withParallelism(hash.lanes())
                .withSalt(hash.salt())
                .withBlockPool(blocks())
                .build());
        generator.generateBytes(password.toString().getBytes(StandardCharsets.UTF_8), into);
    }

    /** The thread's own, so that no two threads wait for each other; the generator wipes each block it gives back. */
    private BlockPool blocks() {
        SoftReference<BlockPool> reference = kept.get();
        BlockPool blocks = reference == null ? null : reference.get();
        if (blocks == null) {
            blocks = new FixedBlockPool(Argon2BytesGenerator.getBlockCount(memoryKib, LANES));
            kept.set(new SoftReference<>(blocks));
        }
        return blocks;
    }
}

package io.userstore.command.password;

import io.userstore.command.user.PasswordHash;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hashes of passwords that other systems have made, parsed into those that {@link PasswordHashing} can check. What would
 * cost more to check than a sign-in may is none: otherwise who imports a hash could stop all sign-ins. Pure.
 *
 * <p>Known are Spring Security's encodings ({@code {bcrypt}…}, {@code {argon2}…}, {@code {pbkdf2}…}, {@code {scrypt}…},
 * also with a version behind {@code @}), bcrypt ({@code $2a$}, {@code $2b$}, {@code $2y$}), Argon2
 * ({@code $argon2id$…}, {@code $argon2i$…}, {@code $argon2d$…}) and PBKDF2 in the form of PHC ({@code $pbkdf2-sha256$i=…}).
 *
 * @see <a href="https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md">PHC string format</a>
 */
public final class ForeignHash {
    private static final int MOST_BCRYPT_COST = 14;

    /** Of memory that is passed over, in KiB: that of one hash (128 MiB), and that of all its passes (1 GiB). */
    private static final long MOST_ARGON2_MEMORY = 128 << 10;

    private static final long MOST_ARGON2_WORK = 1 << 20;

    /** In bytes: 128 N r is the memory of one hash (RFC 7914, 2), which each of p lanes passes over. */
    private static final long MOST_SCRYPT_MEMORY = 64L << 20;

    private static final long MOST_SCRYPT_WORK = 512L << 20;

    /** N is less than 2^(128 r / 8) (RFC 7914, 2), and BouncyCastle computes no other. */
    private static final int MOST_SCRYPT_LOG_OF_BLOCK_1 = 15;

    private static final int SCRYPT_BYTES = 32;

    private static final Pattern SPRING =
            Pattern.compile("\\{(bcrypt|argon2|pbkdf2|scrypt)(@[A-Za-z0-9_]{1,32})?}(.+)");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final Pattern ARGON2_COST =
            Pattern.compile("\\$argon2(?:id|i|d)\\$v=\\d\\d\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$.*");
    private static final Pattern SCRYPT =
            Pattern.compile("\\$([0-9a-f]{1,8})\\$([A-Za-z0-9+/]{2,256}={0,2})\\$([A-Za-z0-9+/]{43}=)");
    private static final Pattern ARGON2_MEMORY =
            Pattern.compile("\\{argon2}\\$argon2[a-z]*\\$v=\\d\\d\\$m=(\\d{1,7}),.*");
    private static final Pattern SCRYPT_PARAMETERS = Pattern.compile("\\{scrypt}\\$([0-9a-f]{1,8})\\$.*");
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{80}|[0-9a-fA-F]{96})");

    private ForeignHash() {}

    /** The hash, or empty when it is of no known kind, broken, or too costly to check. */
    public static Optional<PasswordHash> parse(String text) {
        Matcher spring = SPRING.matcher(text);
        if (spring.matches()) {
            String hash = spring.group(3);
            return switch (spring.group(1)) {
                case "bcrypt" -> ofBcrypt(hash);
                case "argon2" -> ofArgon2(hash);
                case "pbkdf2" -> ofSpringsPbkdf2(hash);
                default -> ofScrypt(hash);
            };
        }
        if (text.startsWith("$2")) {
            return ofBcrypt(text);
        }
        return text.startsWith("$argon2") ? ofArgon2(text) : ofPbkdf2(text);
    }

    /**
     * The text of a hash of PBKDF2, from its parts.
     *
     * @param digest {@code sha1}, {@code sha256} or {@code sha512}
     */
    public static String pbkdf2(String digest, long iterations, byte[] salt, byte[] hash) {
        return Pbkdf2Encoder.encoded(digest, iterations, salt, hash);
    }

    /**
     * The text of a hash of Argon2, from its parts.
     *
     * @param type {@code id}, {@code i} or {@code d}
     * @param memory in KiB
     */
    public static String argon2(String type, long memory, long iterations, long lanes, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2" + type + "$v=19$m=" + memory + ",t=" + iterations + ",p=" + lanes + "$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /**
     * The text of a hash of scrypt, from its parts. Of the hash the first 32 bytes are kept, which do not depend on those
     * behind them (RFC 8018, 5.2). Empty when these are no parameters of scrypt.
     *
     * @param cost N, a power of two
     */
    public static Optional<String> scrypt(long cost, long blockSize, long lanes, byte[] salt, byte[] hash) {
        boolean possible = cost > 1
                && Long.bitCount(cost) == 1
                && blockSize >= 1
                && blockSize <= 0xff
                && lanes >= 1
                && lanes <= 0xff
                && hash.length >= SCRYPT_BYTES;
        if (!possible) {
            return Optional.empty();
        }
        long parameters = (long) Long.numberOfTrailingZeros(cost) << 16 | blockSize << 8 | lanes;
        Base64.Encoder base64 = Base64.getEncoder();
        return Optional.of("{scrypt}$" + Long.toHexString(parameters) + "$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(Arrays.copyOf(hash, SCRYPT_BYTES)));
    }

    /** How much memory checking a hash takes, in KiB; zero where it is next to none. */
    static long memoryKib(PasswordHash hash) {
        Matcher argon2 = ARGON2_MEMORY.matcher(hash.encoded());
        if (argon2.matches()) {
            return Long.parseLong(argon2.group(1));
        }
        Matcher scrypt = SCRYPT_PARAMETERS.matcher(hash.encoded());
        return scrypt.matches() ? scryptMemory(Long.parseLong(scrypt.group(1), 16)) >> 10 : 0;
    }

    private static Optional<PasswordHash> ofBcrypt(String hash) {
        Matcher parts = BCRYPT.matcher(hash);
        boolean bearable = parts.matches()
                && Integer.parseInt(parts.group(1)) >= 4
                && Integer.parseInt(parts.group(1)) <= MOST_BCRYPT_COST;
        return bearable ? Optional.of(new PasswordHash("{bcrypt}" + hash)) : Optional.empty();
    }

    private static Optional<PasswordHash> ofArgon2(String hash) {
        Matcher cost = ARGON2_COST.matcher(hash);
        if (!cost.matches() || !Argon2Encoder.isHash(hash)) {
            return Optional.empty();
        }
        long memory = Long.parseLong(cost.group(1));
        boolean bearable = memory <= MOST_ARGON2_MEMORY && memory * Long.parseLong(cost.group(2)) <= MOST_ARGON2_WORK;
        return bearable ? Optional.of(new PasswordHash("{argon2}" + hash)) : Optional.empty();
    }

    private static Optional<PasswordHash> ofPbkdf2(String hash) {
        return Pbkdf2Encoder.isHash(hash)
                ? Optional.of(new PasswordHash("{" + PasswordHashing.PBKDF2 + "}" + hash))
                : Optional.empty();
    }

    /** Salt and hash in one; which of Spring's two defaults made it tells the length. */
    private static Optional<PasswordHash> ofSpringsPbkdf2(String hash) {
        if (!HEX.matcher(hash).matches()) {
            return Optional.empty();
        }
        byte[] bytes = HexFormat.of().parseHex(hash);
        boolean recent = bytes.length == 48;
        int saltBytes = recent ? 16 : 8;
        byte[] salt = Arrays.copyOf(bytes, saltBytes);
        byte[] derived = Arrays.copyOfRange(bytes, saltBytes, bytes.length);
        return ofPbkdf2(recent ? pbkdf2("sha256", 310_000, salt, derived) : pbkdf2("sha1", 185_000, salt, derived));
    }

    private static Optional<PasswordHash> ofScrypt(String hash) {
        Matcher parts = SCRYPT.matcher(hash);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long parameters = Long.parseLong(parts.group(1), 16);
        long log = parameters >> 16;
        long blockSize = parameters >> 8 & 0xff;
        long lanes = parameters & 0xff;
        if (log < 1 || log > 24 || blockSize < 1 || lanes < 1 || (blockSize == 1 && log > MOST_SCRYPT_LOG_OF_BLOCK_1)) {
            return Optional.empty();
        }
        long memory = scryptMemory(parameters);
        boolean bearable = memory <= MOST_SCRYPT_MEMORY && memory * lanes <= MOST_SCRYPT_WORK;
        return bearable && isBase64(parts.group(2))
                ? Optional.of(new PasswordHash("{scrypt}" + hash))
                : Optional.empty();
    }

    /** In bytes; of the parameters as Spring Security encodes them. */
    private static long scryptMemory(long parameters) {
        return (128L << (parameters >> 16)) * (parameters >> 8 & 0xff);
    }

    private static boolean isBase64(String text) {
        return text.length() % 4 == 0;
    }
}

package io.userstore.command.code;

import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.IssuedCode;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** Makes codes of 256 random bits. Thread-safe. */
public final class CodeGenerator {
    private static final int BYTES = 32;

    private final CodeSettings settings;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public CodeGenerator(CodeSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The time by which codes expire. */
    public Instant now() {
        return clock.instant();
    }

    public NewCode next(CodePurpose purpose) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        Code code = Code.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        Instant expiresAt = now().plus(settings.life(purpose)).truncatedTo(ChronoUnit.MILLIS);
        return new NewCode(code, new IssuedCode(code.hash(), expiresAt));
    }
}

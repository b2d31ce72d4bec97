package io.userstore.command.code;

import io.userstore.command.user.CodePurpose;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** How long a code of each purpose can be used: a minute to 30 days. */
@ConfigurationProperties("userstore.codes")
public record CodeSettings(
        @DefaultValue("24h") Duration verification,
        @DefaultValue("24h") Duration confirmation,
        @DefaultValue("1h") Duration passwordReset) {
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(30);

    public CodeSettings {
        within("verification", verification);
        within("confirmation", confirmation);
        within("password-reset", passwordReset);
    }

    Duration life(CodePurpose purpose) {
        return switch (purpose) {
            case VERIFICATION -> verification;
            case CONFIRMATION -> confirmation;
            case PASSWORD_RESET -> passwordReset;
        };
    }

    private static void within(String name, Duration value) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("userstore.codes." + name + " must be from 1m to 30d, not " + value);
        }
    }
}

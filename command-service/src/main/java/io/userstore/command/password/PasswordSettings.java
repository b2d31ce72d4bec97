package io.userstore.command.password;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of passwords. The defaults of Argon2id are OWASP's: 19 MiB, two passes, one lane.
 *
 * @param minLength in Unicode characters, 1 to {@code maxLength}
 * @param maxLength likewise, at most 4,096
 * @param memoryKib memory of one hash, 8 to 1,048,576 KiB
 * @param iterations passes over the memory, 1 to 100
 * @param threads hashes made at once; 0 for as many as there are processors
 * @param queue hashes that may wait; a request beyond is told to come again
 * @param deniedFile the path of a file of passwords that are refused; empty for none
 * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html">OWASP, Password
 *     Storage</a>
 */
@ConfigurationProperties("userstore.password")
public record PasswordSettings(
        @DefaultValue("4") int minLength,
        @DefaultValue("1024") int maxLength,
        @DefaultValue("19456") int memoryKib,
        @DefaultValue("2") int iterations,
        @DefaultValue("0") int threads,
        @DefaultValue("128") int queue,
        @DefaultValue("") DeniedPasswords deniedFile) {
    public PasswordSettings {
        within("min-length", minLength, 1, maxLength);
        within("max-length", maxLength, 1, 4_096);
        within("memory-kib", memoryKib, 8, 1_048_576);
        within("iterations", iterations, 1, 100);
        within("threads", threads, 0, 1_024);
        within("queue", queue, 1, 100_000);
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "userstore.password." + name + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}

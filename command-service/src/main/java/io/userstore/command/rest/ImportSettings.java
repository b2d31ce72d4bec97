package io.userstore.command.rest;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of imports.
 *
 * @param batch users per transaction, 1 to 1,000
 * @param atOnce imports that one instance carries out at a time, 1 to 64; each holds a thread, and a connection while
 *     it stores. One more is told to come again
 */
@ConfigurationProperties("userstore.import")
public record ImportSettings(
        @DefaultValue("200") int batch, @DefaultValue("4") int atOnce) {
    public ImportSettings {
        within("batch", batch, 1_000);
        within("at-once", atOnce, 64);
    }

    private static void within(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "userstore.import." + name + " must be from 1 to " + most + ", not " + value);
        }
    }
}

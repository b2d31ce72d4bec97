package io.userstore.command.user;

/** Breaks a rule of the architecture on purpose. */
public final class ReadsTheClock {
    java.time.Instant now() {
        return java.time.Instant.now();
    }
}

package io.userstore.command.application;

import org.jspecify.annotations.Nullable;

/**
 * How an application wants its users to be treated. An event that changes settings carries all of them.
 *
 * @param mailFrom the sender's address of its mails, or null for the service's
 * @param mailServer its own mail server, or null for the service's
 */
public record ApplicationSettings(
        InactiveSignin inactiveSignin,
        @Nullable String mailFrom,
        @Nullable MailServer mailServer) {
    /** Of an application that says nothing. */
    public static final ApplicationSettings DEFAULTS = new ApplicationSettings(InactiveSignin.ALLOW, null, null);
}

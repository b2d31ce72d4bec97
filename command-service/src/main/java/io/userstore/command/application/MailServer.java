package io.userstore.command.application;

import org.jspecify.annotations.Nullable;

/**
 * The mail server of one application, which goes by SMTP.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 * @param username null where the server asks for no log-in
 * @param sealedPassword sealed by the master key; null without a user name, and in a command that leaves the password as
 *     it is
 */
public record MailServer(
        String host,
        int port,
        MailSecurity security,
        @Nullable String username,
        @Nullable String sealedPassword) {

    /** Whether a log-in lacks its password. */
    boolean lacksPassword() {
        return username != null && sealedPassword == null;
    }

    /** Whether both are the same but for the password. */
    boolean isSameLogInAs(MailServer other) {
        return withoutPassword().equals(other.withoutPassword());
    }

    private MailServer withoutPassword() {
        return new MailServer(host, port, security, username, null);
    }

    @Override
    public String toString() {
        return "MailServer[" + host + ":" + port + ", ***]";
    }
}

package io.userstore.standalone;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;

/** Mail servers for tests. */
public final class MailServers {
    private static final long STARTUP_MILLIS = 60_000;

    private MailServers() {}

    /** One that takes every mail by SMTP at this port of the loopback interface, to be started; 0 for any port. */
    public static GreenMail smtp(int port) {
        ServerSetup setup = new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        // By default two seconds, however slow the machine is.
        setup.setServerStartupTimeout(STARTUP_MILLIS);
        return new GreenMail(setup);
    }
}

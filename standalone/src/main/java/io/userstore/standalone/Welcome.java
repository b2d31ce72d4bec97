package io.userstore.standalone;

import io.userstore.query.projection.Readiness;
import java.lang.management.ManagementFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Waits until reads are served too, and then tells the person at the terminal where it is, and a new key, once. */
final class Welcome implements ApplicationListener<ApplicationReadyEvent> {
    static final String KEY_FILE = "userstore.standalone.key-file";
    static final String KEY_IS_NEW = "userstore.standalone.key-is-new";

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        awaitReadModels(event.getApplicationContext().getBean(Readiness.class));
        Environment environment = event.getApplicationContext().getEnvironment();
        String url = "http://" + environment.getProperty("server.address", "127.0.0.1") + ":"
                + environment.getProperty("local.server.port", environment.getProperty("server.port", "8080"));
        double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        Console.say("userstore is ready on %s (%.1f s). Stop it with Ctrl-C.".formatted(url, seconds));
        String keyFile = environment.getProperty(KEY_FILE);
        if (keyFile == null) {
            return;
        }
        if (environment.getProperty(KEY_IS_NEW, Boolean.class, false)) {
            String key = environment.getRequiredProperty("userstore.secret-key");
            Console.say("");
            Console.say("Your secret key, shown this once and kept in " + keyFile + ":");
            Console.say("");
            Console.say("  " + key);
            Console.say("");
            Console.say("Try it:");
            Console.say("");
            Console.say("  curl " + url + "/1/users -u " + key + ": -d username=tiny -d password=abcd1234");
            Console.say("");
        } else {
            Console.say("The secret key is in " + keyFile);
        }
    }

    /** How far they are is logged meanwhile. */
    private static void awaitReadModels(Readiness readiness) {
        try {
            while (!readiness.isReady()) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

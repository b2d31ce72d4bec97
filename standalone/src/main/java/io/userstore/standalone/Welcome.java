package io.userstore.standalone;

import io.userstore.query.projection.Readiness;
import java.lang.management.ManagementFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Waits until reads are served too, and then tells the person at the terminal where it is, and a new key, once. */
final class Welcome implements ApplicationListener<ApplicationReadyEvent> {
    static final String KEY_FILE = "userstore.standalone.key-file";
    private static final long TELL_AFTER_NANOS = 3_000_000_000L;
    static final String KEY_IS_NEW = "userstore.standalone.key-is-new";

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        Environment environment = event.getApplicationContext().getEnvironment();
        String url = "http://" + environment.getProperty("server.address", "127.0.0.1") + ":"
                + environment.getProperty("local.server.port", environment.getProperty("server.port", "8080"));
        showKey(environment, url);
        awaitReadModels(event.getApplicationContext().getBean(Readiness.class));
        double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        Console.say("userstore is ready on %s (%.1f s). Stop it with Ctrl-C.".formatted(url, seconds));
    }

    private static void showKey(Environment environment, String url) {
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

    /** Writes are taken meanwhile; how far the read models are is logged. */
    private static void awaitReadModels(Readiness readiness) {
        try {
            long begin = System.nanoTime();
            boolean told = false;
            while (!readiness.isReady()) {
                Thread.sleep(20);
                if (!told && System.nanoTime() - begin > TELL_AFTER_NANOS) {
                    Console.say("Writes are served; reads wait until the read models have caught up…");
                    told = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.userstore.standalone;

import io.userstore.embedded.PortInUseException;
import io.userstore.web.InvalidConfigurationException;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;

/** Tells why the start failed in one sentence where one is enough, in place of a stack trace. Made by Boot, by name. */
final class StartFailureReporter implements SpringBootExceptionReporter {

    @SuppressWarnings("unused") // Boot asks for this constructor
    StartFailureReporter(ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartFailedException
                    || cause instanceof PortInUseException
                    || cause instanceof InvalidConfigurationException) {
                Console.complain("userstore did not start: " + cause.getMessage());
                return true;
            }
        }
        return false;
    }
}

package io.userstore.standalone;

import io.userstore.command.CommandService;
import io.userstore.query.QueryService;
import io.userstore.web.WebEdge;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Starts everything. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({WebEdge.class, CommandService.class, QueryService.class, MailboxConfiguration.class})
public class Standalone {
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(Standalone.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.addInitializers(new EmbeddedServers());
        application.addListeners(new Welcome());
        try {
            application.run(arguments);
        } catch (RuntimeException e) {
            // Told already, in one sentence where that is all there is to say: see StartFailureReporter.
            System.exit(1);
        }
    }
}

package io.userstore.command;

import io.userstore.web.WebEdge;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The command service by itself. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({WebEdge.class, CommandService.class})
public class CommandApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(CommandApplication.class, arguments);
    }
}

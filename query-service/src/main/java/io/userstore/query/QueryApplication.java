package io.userstore.query;

import io.userstore.web.WebEdge;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The read side as a service of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({WebEdge.class, QueryService.class})
public class QueryApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(QueryApplication.class, arguments);
    }
}

package io.userstore.audit;

import io.userstore.command.CommandService;
import io.userstore.query.QueryService;
import io.userstore.web.WebEdge;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Both services in one process, as the standalone has them. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({WebEdge.class, CommandService.class, QueryService.class})
class UserstoreServices {}

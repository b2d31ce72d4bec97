package io.userstore.command;

import io.userstore.command.audit.AuditConfiguration;
import io.userstore.command.mail.MailConfiguration;
import io.userstore.command.publish.PublishConfiguration;
import io.userstore.command.rest.RestConfiguration;
import io.userstore.command.store.EventStoreConfiguration;
import io.userstore.command.visibility.VisibilityConfiguration;
import io.userstore.web.MasterKeyConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Everything the command service is made of, but for the web edge; imported by whatever runs it. */
@Configuration(proxyBeanMethods = false)
@Import({
    MasterKeyConfiguration.class,
    EventStoreConfiguration.class,
    AuditConfiguration.class,
    PublishConfiguration.class,
    MailConfiguration.class,
    VisibilityConfiguration.class,
    RestConfiguration.class
})
public class CommandService {}

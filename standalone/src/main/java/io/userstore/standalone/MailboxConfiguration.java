package io.userstore.standalone;

import io.userstore.standalone.MailboxConfiguration.WithoutMailServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The mailbox that takes the place of a mail server where none is configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(WithoutMailServer.class)
@Import(MailboxController.class)
class MailboxConfiguration {

    static final class WithoutMailServer implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return context.getEnvironment().getProperty("spring.mail.host", "").isBlank();
        }
    }

    @Bean
    Mailbox mailbox() {
        return new Mailbox();
    }
}

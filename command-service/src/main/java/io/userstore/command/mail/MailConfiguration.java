package io.userstore.command.mail;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.application.ApplicationSettings;
import io.userstore.command.application.MailServer;
import io.userstore.command.seal.Sealing;
import io.userstore.command.seal.StoreKey;
import io.userstore.command.store.AggregateStates;
import io.userstore.command.store.Commands;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/**
 * Mail's parts. It goes by SMTP when {@code spring.mail.host} is set, else by a {@link MailTransport} that whoever runs
 * the service brings; that of an application that has a server of its own always goes there.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MailDefaults.class)
public class MailConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(MailConfiguration.class);
    private static final String USE = "mail";

    @Bean
    Mailing mailing(
            ObjectProvider<JavaMailSenderImpl> smtp,
            ObjectProvider<MailTransport> other,
            StoreKey storeKey,
            Environment environment) {
        boolean hasServer = !environment.getProperty("spring.mail.host", "").isBlank();
        MailTransport transport = hasServer ? new SmtpTransport(smtp.getObject()) : other.getIfAvailable();
        return new Mailing(transport, new Sealing(storeKey, USE));
    }

    @Bean
    TemplatesByApplication mailTemplates(MailDefaults defaults) {
        return new TemplatesByApplication(defaults.templates());
    }

    @Bean
    OwnMailServers ownMailServers(Mailing mailing, MailDefaults defaults) {
        return new OwnMailServers(
                (application, server) -> transport(application, server, mailing), defaults.retryAfter());
    }

    private static MailTransport transport(String application, MailServer server, Mailing mailing) {
        String sealed = server.sealedPassword();
        if (sealed == null) {
            return new SmtpTransport(server, null);
        }
        Optional<String> password = mailing.openPassword(application, sealed);
        if (password.isEmpty()) {
            LOG.error(
                    "the mails of {} wait: the password of its mail server was sealed with another master key and has to"
                            + " be set again",
                    application);
            return mail -> MailTransport.Outcome.AWAY;
        }
        return new SmtpTransport(server, password.get());
    }

    @Bean
    MailSettings.Directory mailSettings(
            MailDefaults defaults,
            Environment environment,
            AggregateStates states,
            Mailing mailing,
            OwnMailServers ownServers) {
        return application -> {
            ApplicationSettings own = states.application(application).settings();
            MailServer server = own.mailServer();
            return new MailSettings(
                    own.mailFrom() == null ? defaults.from() : own.mailFrom(),
                    publicUrl(defaults, environment),
                    server == null ? mailing.transport() : ownServers.of(application, server));
        };
    }

    private static String publicUrl(MailDefaults defaults, Environment environment) {
        return Optional.ofNullable(defaults.publicUrl())
                .map(url -> url.toString().replaceAll("/+$", ""))
                .orElseGet(() -> ownUrl(environment));
    }

    /** Asked for late: the port is known for certain only once the server listens. */
    private static String ownUrl(Environment environment) {
        String port = environment.getProperty("local.server.port", environment.getProperty("server.port", "8080"));
        return "http://" + environment.getProperty("server.address", "127.0.0.1") + ":" + port;
    }

    @Bean
    @Order(2)
    MailOutbox mailOutbox(DataSource dataSource, Mailing mailing) {
        return new MailOutbox(new JdbcTemplate(dataSource), mailing);
    }

    @Bean
    MailDelivery mailDelivery(
            MailOutbox outbox,
            Mailing mailing,
            TemplatesByApplication templates,
            MailSettings.Directory settings,
            OwnMailServers ownServers,
            MailDefaults defaults,
            AggregateStates states,
            Commands commands,
            MeterRegistry metrics) {
        Gauge.builder("userstore.mail.waiting", outbox, MailConfiguration::waiting)
                .description("Mails that wait to be sent, in all instances")
                .register(metrics);
        return new MailDelivery(
                outbox,
                mailing,
                templates,
                settings,
                ownServers,
                defaults,
                states,
                commands,
                InstantSource.system(),
                metrics);
    }

    private static double waiting(@Nullable MailOutbox outbox) {
        try {
            return outbox == null ? Double.NaN : outbox.waiting();
        } catch (DataAccessException e) {
            // Not known while PostgreSQL is away, which its own health tells.
            return Double.NaN;
        }
    }
}

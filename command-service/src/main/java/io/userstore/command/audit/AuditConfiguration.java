package io.userstore.command.audit;

import io.userstore.command.sign.SigningKeySettings;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The audit log and what signs it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AuditSettings.class, SigningKeySettings.class})
public class AuditConfiguration {
    @Bean
    AuditLog auditLog(DataSource dataSource) {
        return new AuditLog(new JdbcTemplate(dataSource));
    }

    @Bean
    HeadLog headLog(
            AuditLog log,
            DataSource dataSource,
            PlatformTransactionManager transactions,
            SigningKeySettings key,
            AuditSettings settings) {
        return new HeadLog(
                log,
                new JdbcTemplate(dataSource),
                new TransactionTemplate(transactions),
                key.load(),
                settings,
                InstantSource.system());
    }
}

package io.userstore.command.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.store.Commands;
import io.userstore.command.visibility.VisibilitySettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The write side's controllers and what they share. */
@Configuration(proxyBeanMethods = false)
@Import({UserController.class, AuthController.class, ImportController.class, Refusals.class})
@EnableConfigurationProperties({PasswordSettings.class, ImportSettings.class})
public class RestConfiguration {

    @Bean
    PasswordHashing passwordHashing(PasswordSettings settings, MeterRegistry metrics) {
        return new PasswordHashing(settings, metrics);
    }

    @Bean
    FailedSignIns failedSignIns(Commands commands, MeterRegistry metrics) {
        return new FailedSignIns(commands, metrics);
    }

    @Bean
    RunningImports runningImports(ImportSettings settings, MeterRegistry metrics) {
        return new RunningImports(settings, metrics);
    }

    @Bean
    WriteAnswers writeAnswers(VisibilitySettings settings) {
        return new WriteAnswers(settings);
    }
}

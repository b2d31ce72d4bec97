package io.userstore.command.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.userstore.command.code.CodeGenerator;
import io.userstore.command.code.CodeSettings;
import io.userstore.command.idempotency.Claims;
import io.userstore.command.mail.MailSettings;
import io.userstore.command.mail.TemplatesByApplication;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.PasswordSettings;
import io.userstore.command.seal.StoreKey;
import io.userstore.command.store.Codes;
import io.userstore.command.store.Commands;
import io.userstore.command.store.Reservations;
import io.userstore.command.visibility.VisibilitySettings;
import io.userstore.web.WebEdge;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The write side's controllers and what they share. */
@Configuration(proxyBeanMethods = false)
@Import({
    UserController.class,
    AuthController.class,
    AuthProviderController.class,
    CodeController.class,
    PageController.class,
    ImportController.class,
    ApplicationController.class,
    ErasureController.class,
    AuditController.class,
    Refusals.class
})
@EnableConfigurationProperties({
    PasswordSettings.class,
    LockoutSettings.class,
    CodeSettings.class,
    PageSettings.class,
    ImportSettings.class
})
public class RestConfiguration {

    @Bean
    PasswordHashing passwordHashing(PasswordSettings settings, MeterRegistry metrics) {
        return new PasswordHashing(settings, metrics);
    }

    @Bean
    FailedSignIns failedSignIns(Commands commands, MeterRegistry metrics) {
        return new FailedSignIns(commands, metrics);
    }

    /** Behind the edge, which knows the caller, and before all controllers. */
    @Bean
    FilterRegistrationBean<IdempotencyFilter> idempotencyFilter(Claims claims, MeterRegistry metrics) {
        FilterRegistrationBean<IdempotencyFilter> registration =
                new FilterRegistrationBean<>(new IdempotencyFilter(claims, metrics));
        registration.setOrder(WebEdge.BEHIND_THE_EDGE);
        return registration;
    }

    @Bean
    CodeGenerator codeGenerator(CodeSettings settings) {
        return new CodeGenerator(settings, InstantSource.system());
    }

    @Bean
    CodeUses codeUses(Commands commands, Codes codes, CodeGenerator generator, PasswordHashing passwords) {
        return new CodeUses(commands, codes, generator, passwords);
    }

    @Bean
    ForgottenPasswords forgottenPasswords(
            Commands commands, Reservations reservations, CodeGenerator codes, MeterRegistry metrics) {
        return new ForgottenPasswords(commands, reservations, codes, metrics);
    }

    @Bean
    MailOptions mailOptions(MailSettings.Directory settings, TemplatesByApplication templates) {
        return new MailOptions(settings, templates);
    }

    @Bean
    Pages pages(PageSettings settings) {
        return new Pages(settings);
    }

    @Bean
    ProviderTokens providerTokens(StoreKey key, MeterRegistry metrics) {
        return new ProviderTokens(key, metrics);
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

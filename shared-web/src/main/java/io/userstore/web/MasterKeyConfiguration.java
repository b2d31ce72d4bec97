package io.userstore.web;

import io.userstore.api.seal.MasterKeys;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The master key, for whatever part of a service wraps or unwraps users' keys. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MasterKeySettings.class)
public class MasterKeyConfiguration {
    @Bean
    MasterKeys masterKeys(MasterKeySettings settings) {
        return settings.load();
    }
}

package io.userstore.web;

import io.github.bucket4j.TimeMeter;
import io.userstore.api.key.KeyTable;
import java.time.InstantSource;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/** The edge, to be imported once by whatever serves HTTP. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, EdgeErrorController.class, DocumentController.class, OwnKeyController.class})
@EnableConfigurationProperties(LimitSettings.class)
public class WebEdge {
    /** The order of filters that need to know the caller: see {@link Caller}. */
    public static final int BEHIND_THE_EDGE = Ordered.HIGHEST_PRECEDENCE + 100;

    /** @param issued of the service that this is the edge of; where there are two, the one that is primary */
    @Bean
    ApiKeys apiKeys(@Value("${userstore.secret-key:}") String secretKey, KeyTable issued) {
        return new KnownKeys(new SecretKey(secretKey), issued, InstantSource.system());
    }

    @Bean
    TrustedProxies trustedProxies(@Value("${userstore.trusted-proxies:}") List<String> networks) {
        return new TrustedProxies(networks);
    }

    @Bean
    FilterRegistrationBean<EdgeFilter> edgeFilter(ApiKeys keys, TrustedProxies proxies) {
        FilterRegistrationBean<EdgeFilter> registration = new FilterRegistrationBean<>(new EdgeFilter(keys, proxies));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /** Behind the edge, which knows the caller, and before everything that costs more. */
    @Bean
    FilterRegistrationBean<LimitsFilter> limitsFilter(LimitSettings settings, TrustedProxies proxies) {
        FilterRegistrationBean<LimitsFilter> registration =
                new FilterRegistrationBean<>(new LimitsFilter(settings, proxies, TimeMeter.SYSTEM_NANOTIME));
        registration.setOrder(BEHIND_THE_EDGE - 1);
        return registration;
    }

    /** A user name may hold a slash, so an encoded one must reach the path variable; errors are never HTML. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatEdge() {
        return factory -> {
            factory.addConnectorCustomizers(
                    connector -> connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue()));
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemValve.class.getName());
                }
            });
        };
    }
}

package io.userstore.web;

import org.apache.catalina.core.StandardHost;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/** The edge, to be imported once by whatever serves HTTP. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, EdgeErrorController.class, DocumentController.class})
public class WebEdge {

    @Bean
    ApiKeys apiKeys(@Value("${userstore.secret-key:}") String secretKey) {
        return new SecretKey(secretKey);
    }

    @Bean
    FilterRegistrationBean<EdgeFilter> edgeFilter(ApiKeys keys) {
        FilterRegistrationBean<EdgeFilter> registration = new FilterRegistrationBean<>(new EdgeFilter(keys));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
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

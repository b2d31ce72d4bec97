package io.userstore.command.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.seal.StoreKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mock.env.MockEnvironment;

class MailConfigurationTest {
    private final MockEnvironment environment = new MockEnvironment();
    private final MailTransport transport = mail -> MailTransport.Outcome.TAKEN;

    @Test
    void withoutAServerNoMailGoesOut() {
        assertThat(mailing(Map.of()).transport()).isNull();
        environment.setProperty("spring.mail.host", " ");
        assertThat(mailing(Map.of("smtp", new JavaMailSenderImpl())).transport())
                .isNull();
    }

    @Test
    void aConfiguredServerGoesBeforeWhatTakesItsPlace() {
        assertThat(mailing(Map.of("other", transport)).transport()).isSameAs(transport);
        environment.setProperty("spring.mail.host", "mail.example");
        assertThat(mailing(Map.of("other", transport, "smtp", new JavaMailSenderImpl()))
                        .transport())
                .isInstanceOf(SmtpTransport.class);
    }

    private Mailing mailing(Map<String, Object> beans) {
        StaticListableBeanFactory factory = new StaticListableBeanFactory(beans);
        return new MailConfiguration()
                .mailing(
                        factory.getBeanProvider(JavaMailSenderImpl.class),
                        factory.getBeanProvider(MailTransport.class),
                        new StoreKey(new byte[StoreKey.BYTES]),
                        environment);
    }
}

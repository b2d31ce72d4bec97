package io.userstore.command.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.userstore.command.seal.MasterKeySettings;
import io.userstore.web.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mock.env.MockEnvironment;

class MailConfigurationTest {
    private static final String KEY = "1f".repeat(32);

    private final MockEnvironment environment = new MockEnvironment();
    private final MailTransport transport = mail -> MailTransport.Outcome.TAKEN;

    @TempDir
    private Path folder;

    @Test
    void withoutAServerNoMailGoesOutAndNoKeyIsNeeded() {
        assertThat(mailing(Map.of()).transport()).isNull();
        environment.setProperty("spring.mail.host", " ");
        assertThat(mailing(Map.of("smtp", new JavaMailSenderImpl())).transport())
                .isNull();
    }

    @Test
    void aConfiguredServerGoesBeforeWhatTakesItsPlace() {
        environment.setProperty("userstore.master-key", KEY);
        assertThat(mailing(Map.of("other", transport)).transport()).isSameAs(transport);
        environment.setProperty("spring.mail.host", "mail.example");
        assertThat(mailing(Map.of("other", transport, "smtp", new JavaMailSenderImpl()))
                        .transport())
                .isInstanceOf(SmtpTransport.class);
    }

    @Test
    void mailNeedsAMasterKeyAndSaysSo() {
        assertThatThrownBy(() -> mailing(Map.of("other", transport)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("USERSTORE_MASTER_KEY must be set");
        environment.setProperty("userstore.master-key", "marked-secret");
        assertThatThrownBy(() -> mailing(Map.of("other", transport)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("must be 32 bytes")
                .message()
                .doesNotContain("marked");
    }

    @Test
    void theMasterKeyMayLieInAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), KEY + "\n");
        environment.setProperty("userstore.master-key-file", file.toString());
        assertThat(mailing(Map.of("other", transport)).canSeal()).isTrue();
        environment.setProperty("userstore.master-key-file", file + ".none");
        assertThatThrownBy(() -> mailing(Map.of("other", transport)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("cannot be read");
    }

    private Mailing mailing(Map<String, Object> beans) {
        StaticListableBeanFactory factory = new StaticListableBeanFactory(beans);
        return new MailConfiguration()
                .mailing(
                        factory.getBeanProvider(JavaMailSenderImpl.class),
                        factory.getBeanProvider(MailTransport.class),
                        new MasterKeySettings(
                                environment.getProperty("userstore.master-key", ""),
                                environment.getProperty("userstore.master-key-file", "")),
                        environment);
    }
}

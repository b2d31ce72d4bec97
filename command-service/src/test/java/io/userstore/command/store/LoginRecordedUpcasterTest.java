package io.userstore.command.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.signin.StoredSignInEvent.LoginRecorded;
import io.userstore.command.signin.StoredSignInEvent.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.InitialEventRepresentation;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What databases hold of the first revision, frozen, is read as the second. */
class LoginRecordedUpcasterTest {
    private static final JsonMapper PLAIN = JsonMapper.shared();

    private final Serializer serializer = CatalogSerializer.create();
    private final EventUpcasterChain chain = new EventUpcasterChain(new LoginRecordedUpcaster());

    private static String frozen(String name) throws IOException {
        try (InputStream file =
                LoginRecordedUpcasterTest.class.getResourceAsStream("/golden/stored/" + name + ".json")) {
            assertThat(file).as(name).isNotNull();
            return PLAIN.readTree(file).toString();
        }
    }

    private IntermediateEventRepresentation upcast(String revision, String json) {
        GenericDomainEventEntry<String> stored = new GenericDomainEventEntry<>(
                "sign-ins", "id", 0, "0b1c", "2026-01-04T23:48:34.288Z", "user.login-recorded", revision, json, "{}");
        List<IntermediateEventRepresentation> read = chain.upcast(
                        Stream.of(new InitialEventRepresentation(stored, serializer)))
                .toList();
        assertThat(read).hasSize(1);
        return read.getFirst();
    }

    private Object event(IntermediateEventRepresentation read) {
        return serializer.deserialize(read.getData(String.class));
    }

    @Test
    void aPasswordThatWasNotSaidIsSaid() throws IOException {
        IntermediateEventRepresentation read = upcast("1", frozen("user.login-recorded-1"));
        assertThat(PLAIN.readTree(read.getData(String.class).getData()))
                .isEqualTo(PLAIN.readTree(frozen("user.login-recorded-2")));
        assertThat(event(read))
                .isEqualTo(new LoginRecorded(
                        "cadets", Instant.parse("2026-01-03T10:00:00.000Z"), new Origin("192.0.2.1"), "password"));
    }

    @Test
    void aProviderIsTheMethod() throws IOException {
        assertThat(event(upcast("1", frozen("user.login-recorded-1-by-provider"))))
                .isEqualTo(new LoginRecorded("cadets", null, new Origin("192.0.2.1"), "google"));
    }

    @Test
    void whatIsOfTheSecondRevisionIsLeftAsItIs() throws IOException {
        String json = frozen("user.login-recorded-2");
        assertThat(upcast("2", json).getData(String.class).getData()).isEqualTo(json);
    }
}

package io.userstore.command.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.userstore.command.RunningCommandService;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** The interval is so long that only what is told at once is found at once. */
@DirtiesContext // gives its connections back
@TestPropertySource(properties = "userstore.event-store.fetch-delay-millis=10000")
class DirectEventStoreTest extends RunningCommandService {
    private static final String HASH = "{bcrypt}$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    @Autowired
    private EventStore events;

    @Test
    void whatThisInstanceAppendsIsThereAtOnceAlsoForAFollowerWhoHadFallenBehind() throws Exception {
        String id = aUserNamed(aName());
        try (BlockingStream<TrackedEventMessage<?>> stream = events.openStream(events.createHeadToken())) {
            assertThat(stream.hasNextAvailable(0, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(stream.peek()).isEmpty();

            json("PATCH", "/1/users/" + id, "{\"first_name\":\"Ann\"}");
            assertThat(stream.peek()).isPresent();
            assertThat(aggregateOf(stream)).isEqualTo(id);
            assertThat(stream.peek()).isEmpty();

            String lines = IntStream.range(0, 1_500)
                    .mapToObj(i -> "{\"username\":\"" + aName() + "\",\"password_hash\":\"" + HASH + "\"}")
                    .collect(Collectors.joining("\n"));
            assertThat(send("POST", "/1/users/import", "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(200);
            for (int i = 0; i < 1_500; i++) {
                assertThat(stream.hasNextAvailable(60, TimeUnit.SECONDS)).isTrue();
                stream.nextAvailable();
            }

            json("PATCH", "/1/users/" + id, "{\"first_name\":\"Eve\"}");
            assertThat(stream.peek()).isPresent();
            assertThat(aggregateOf(stream)).isEqualTo(id);
        }
    }

    private static String aggregateOf(BlockingStream<TrackedEventMessage<?>> stream) throws InterruptedException {
        return ((DomainEventMessage<?>) stream.nextAvailable()).getAggregateIdentifier();
    }
}

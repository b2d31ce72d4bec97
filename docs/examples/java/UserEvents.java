import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventCodec.UnknownEventTypeException;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.event.Topics;
import io.userstore.api.event.UserEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Follows all events with spring-kafka, drops duplicates and notices gaps. Needs shared-api, @EnableKafka, byte array
 * deserializers and auto.offset.reset=earliest.
 *
 * <p>Remembers in memory only: a real consumer keeps the last numbers with its own data, in the same transaction as what the
 * event does to them.
 */
@Component
public class UserEvents {
    private static final Logger LOG = LoggerFactory.getLogger(UserEvents.class);

    /** By user and stream, the number of the last event. */
    private final Map<String, Long> last = new ConcurrentHashMap<>();

    @KafkaListener(topics = Topics.EVENTS, groupId = "example")
    public void on(ConsumerRecord<byte[], byte[]> record) {
        PublishedEvent event;
        try {
            event = EventCodec.decode(name -> header(record, name), record.value());
        } catch (UnknownEventTypeException e) {
            LOG.info("passed over: {}", e.getMessage());
            return;
        }
        String stream = event.userId() + "/" + event.type().stream();
        long before = last.getOrDefault(stream, 0L);
        if (event.sequence() <= before) {
            return; // A duplicate.
        }
        if (event.sequence() != before + 1) {
            LOG.error("events of {} are missing before number {}", event.userId(), event.sequence());
        }
        handle(event);
        last.put(stream, event.sequence());
    }

    /** Whatever is of no interest needs no word: a type that comes later is passed over too. */
    private void handle(PublishedEvent event) {
        if (event.data() instanceof UserEvent.UserCreated created) {
            LOG.info("{} came into being, in group {}", event.userId(), created.group());
        } else if (event.data() instanceof UserEvent.UserDeleted) {
            LOG.info("{} is gone: forget what you know", event.userId());
        }
    }

    private static byte[] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }
}

package io.userstore.query.intake;

import com.mongodb.MongoException;
import io.userstore.api.event.EventCodec;
import io.userstore.api.event.EventNumber;
import io.userstore.api.event.PublishedEvent;
import io.userstore.api.seal.UserKey;
import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Skipped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches of records. In this order: decode and open once, apply to each generation that is fed, side by side, put aside
 * what could not be applied. Whatever breaks off in between is to be delivered again. Thread-safe.
 */
final class BatchIntake {
    private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);

    private final ExecutorService executor;
    private final @Nullable Opening opening;
    private final Aside aside;

    /**
     * @param executor runs the feeds of one batch side by side
     * @param opening null when nothing that is personal is needed
     * @param aside is told what could not be applied
     */
    BatchIntake(ExecutorService executor, @Nullable Opening opening, Aside aside) {
        this.executor = executor;
        this.opening = opening;
        this.aside = aside;
    }

    /** An event that all who are read have taken; its time, where it could be read. */
    record Applied(EventNumber number, Optional<Instant> time) {
        static Applied of(Delivery delivery) {
            PublishedEvent event = delivery.event();
            return new Applied(
                    new EventNumber(event.userId(), event.type().stream(), event.sequence()),
                    Optional.of(event.time()));
        }
    }

    /**
     * Takes one batch.
     *
     * @return what was news to those who are read, and all of them have taken
     * @throws MongoException when the server is away
     */
    List<Applied> take(List<ConsumerRecord<byte[], byte[]>> records, Feeding feeding) {
        List<Applied> applied = new ArrayList<>();
        Burials burials = new Burials(feeding);
        for (Step step : decode(records, feeding, burials)) {
            switch (step) {
                case Step.Apply(var deliveries) ->
                    applied.addAll(apply(open(deliveries, records, feeding, burials), records, feeding, burials));
                case Step.Skip(var event) ->
                    skip(event, records, feeding, burials).ifPresent(applied::add);
            }
        }
        burials.carryOut();
        return applied;
    }

    /** What is put aside once the rest of the batch has been applied, since a batch that breaks off comes again. */
    private final class Burials {
        private record Burial(Feeding.Fed fed, List<DeadLetter> letters) {}

        private final Feeding feeding;
        private final List<Burial> all = new ArrayList<>();

        Burials(Feeding feeding) {
            this.feeding = feeding;
        }

        void addForAll(List<DeadLetter> dead) {
            feeding.feeds().forEach(fed -> add(fed, dead));
        }

        void add(Feeding.Fed fed, List<DeadLetter> dead) {
            List<DeadLetter> news = dead.stream()
                    .filter(letter -> feeding.isNews(
                            fed, letter.record().partition(), letter.record().offset()))
                    .toList();
            if (!news.isEmpty()) {
                all.add(new Burial(fed, news));
            }
        }

        void carryOut() {
            all.forEach(each -> aside.put(each.fed, each.letters));
        }
    }

    /** The last offset of each partition in the batch. */
    static Map<Integer, Long> last(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Integer, Long> offsets = new HashMap<>();
        records.forEach(record -> offsets.merge(record.partition(), record.offset(), Math::max));
        return offsets;
    }

    /** Decodes what can be decoded, passes over what is from a later version, and puts the rest aside. */
    private List<Step> decode(List<ConsumerRecord<byte[], byte[]>> records, Feeding feeding, Burials burials) {
        List<Step> steps = new ArrayList<>();
        List<DeadLetter> dead = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                PublishedEvent event = EventCodec.decode(name -> header(record, name), record.value());
                Step.add(steps, new Delivery(record.partition(), record.offset(), event));
            } catch (EventCodec.UnknownEventTypeException e) {
                LOG.debug("passed over at {}-{}: {}", record.partition(), record.offset(), e.getMessage());
                feeding.feeds().stream()
                        .filter(fed -> fed.serving() && feeding.isNews(fed, record.partition(), record.offset()))
                        .forEach(fed -> fed.feed().meters().unknownType());
                EventNumber number = e.number();
                if (number != null) {
                    steps.add(new Step.Skip(new Skipped(record.partition(), record.offset(), number)));
                }
            } catch (EventCodec.UndecodableEventException e) {
                LOG.error(
                        "no event at partition {} offset {}: {}", record.partition(), record.offset(), e.getMessage());
                dead.add(new DeadLetter(record, DeadLetter.UNDECODABLE + ": " + e.getMessage()));
            }
        }
        burials.addForAll(dead);
        return steps;
    }

    /** Opens what is personal where there is a key for it; what then breaks the contract is put aside. */
    private List<Delivery> open(
            List<Delivery> sealed, List<ConsumerRecord<byte[], byte[]>> records, Feeding feeding, Burials burials) {
        if (opening == null) {
            return sealed;
        }
        Map<String, UserKey> keys = opening.keysFor(sealed);
        List<Delivery> opened = new ArrayList<>(sealed.size());
        Map<Delivery, String> failed = new LinkedHashMap<>();
        for (Delivery delivery : sealed) {
            try {
                opened.add(opening.open(delivery, keys));
            } catch (EventCodec.UndecodableEventException e) {
                LOG.error(
                        "no event at partition {} offset {}: {}",
                        delivery.partition(),
                        delivery.offset(),
                        e.getMessage());
                failed.put(delivery, DeadLetter.UNDECODABLE + ": " + e.getMessage());
            }
        }
        if (!failed.isEmpty()) {
            List<DeadLetter> dead = letters(failed, records);
            burials.addForAll(dead);
        }
        return opened;
    }

    /** Applies to every generation, and tells what all that are read have taken. */
    private List<Applied> apply(
            List<Delivery> deliveries, List<ConsumerRecord<byte[], byte[]>> records, Feeding feeding, Burials burials) {
        Set<Delivery> failed = new HashSet<>();
        List<Map<Delivery, String>> outcomes = applySideBySide(deliveries, feeding);
        for (int i = 0; i < outcomes.size(); i++) {
            Map<Delivery, String> outcome = outcomes.get(i);
            if (!outcome.isEmpty()) {
                Feeding.Fed fed = feeding.feeds().get(i);
                if (fed.serving()) {
                    failed.addAll(outcome.keySet());
                }
                burials.add(fed, letters(outcome, records));
            }
        }
        if (opening != null) {
            opening.forgetDeleted(deliveries);
        }
        return deliveries.stream()
                .filter(delivery -> feeding.isNewsToReaders(delivery.partition(), delivery.offset()))
                .filter(delivery -> failed.isEmpty() || !failed.contains(delivery))
                .map(Applied::of)
                .toList();
    }

    /** Lets every generation pass over an event; empty when it did not follow on for one that is read. */
    private Optional<Applied> skip(
            Skipped event, List<ConsumerRecord<byte[], byte[]>> records, Feeding feeding, Burials burials) {
        List<Feeding.Fed> refusing = feeding.feeds().stream()
                .filter(fed -> feeding.isNews(fed, event.partition(), event.offset()))
                .filter(fed -> !fed.feed().skip(event, fed.serving()))
                .toList();
        records.stream()
                .filter(record -> record.partition() == event.partition() && record.offset() == event.offset())
                .map(record -> new DeadLetter(record, DeadLetter.GAP))
                .forEach(letter -> refusing.forEach(fed -> burials.add(fed, List.of(letter))));
        return refusing.stream().noneMatch(Feeding.Fed::serving)
                        && feeding.isNewsToReaders(event.partition(), event.offset())
                ? Optional.of(new Applied(event.number(), Optional.empty()))
                : Optional.empty();
    }

    private List<Map<Delivery, String>> applySideBySide(List<Delivery> decoded, Feeding feeding) {
        List<Callable<Map<Delivery, String>>> tasks = new ArrayList<>();
        for (Feeding.Fed fed : feeding.feeds()) {
            List<Delivery> news = feeding.news(fed, decoded);
            tasks.add(() -> fed.feed().apply(news, fed.serving()));
        }
        try {
            if (tasks.size() == 1) {
                return List.of(tasks.getFirst().call());
            }
            List<Map<Delivery, String>> outcomes = new ArrayList<>();
            for (Future<Map<Delivery, String>> task : executor.invokeAll(tasks)) {
                outcomes.add(task.get());
            }
            return outcomes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MongoException away) {
                throw away;
            }
            throw new IllegalStateException("a projection failed", e.getCause());
        } catch (MongoException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a projection failed", e);
        }
    }

    private static List<DeadLetter> letters(
            Map<Delivery, String> failed, List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Position, ConsumerRecord<byte[], byte[]>> byPosition = new HashMap<>();
        records.forEach(record -> byPosition.put(new Position(record.partition(), record.offset()), record));
        List<DeadLetter> letters = new ArrayList<>();
        failed.forEach((delivery, cause) -> {
            ConsumerRecord<byte[], byte[]> record =
                    byPosition.get(new Position(delivery.partition(), delivery.offset()));
            if (record != null) {
                letters.add(new DeadLetter(record, cause));
            }
        });
        return letters;
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    private record Position(int partition, long offset) {}
}

package io.userstore.query.intake;

import io.userstore.api.event.Topics;
import io.userstore.query.projection.Generation;
import io.userstore.query.projection.ReadModel;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are taken in.
 *
 * @param consumerGroup what the consumer groups of all instances begin with
 * @param instanceId when given, the instance keeps its partitions over a quick restart; different for each instance
 * @param partitions of the topics, where they are not there yet
 * @param replicationFactor of the topics, where they are not there yet; -1 for the broker's own
 * @param batchSize most events applied at once, 1 to 10,000
 * @param concurrency threads that share the partitions, 1 to 64; each applies to all projections
 */
@ConfigurationProperties("userstore.query")
public record IntakeSettings(
        @DefaultValue("userstore-query") String consumerGroup,
        @Nullable String instanceId,
        @DefaultValue("" + Topics.DEFAULT_PARTITIONS) int partitions,
        @DefaultValue("-1") short replicationFactor,
        @DefaultValue("1000") int batchSize,
        @DefaultValue("1") int concurrency) {

    private static final String FILL = ".fill.";

    public IntakeSettings {
        require(!consumerGroup.isBlank(), "consumer-group must not be blank");
        require(instanceId == null || !instanceId.isBlank(), "instance-id must not be blank");
        require(partitions >= 1, "partitions must be at least 1");
        require(replicationFactor == -1 || replicationFactor >= 1, "replication-factor must be -1 or at least 1");
        require(batchSize >= 1 && batchSize <= 10_000, "batch-size must be from 1 to 10000");
        require(concurrency >= 1 && concurrency <= 64, "concurrency must be from 1 to 64");
    }

    /**
     * The consumer group of the instances that feed these read models. Another version of one of them makes another group: both
     * have to get all events.
     */
    String liveGroup(Collection<ReadModel> models) {
        return models.stream()
                .map(model -> model.generation(1).key())
                .sorted()
                .collect(Collectors.joining(".", consumerGroup + ".", ""));
    }

    /** The consumer group of those who fill a generation. */
    String fillGroup(Generation generation) {
        return consumerGroup + FILL + generation.key();
    }

    /** Whether the members of a consumer group feed that version of a read model. */
    boolean mayFeed(String group, Generation generation) {
        if (group.equals(consumerGroup)) {
            // A group of before there were groups by version, which does not say what it feeds.
            return true;
        }
        return group.startsWith(consumerGroup + ".")
                && !group.startsWith(consumerGroup + FILL)
                && List.of(group.substring(consumerGroup.length() + 1).split("\\."))
                        .contains(new Generation(generation.model(), generation.version(), 1).key());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("userstore.query." + message);
        }
    }
}

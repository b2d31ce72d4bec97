package io.userstore.query.intake;

import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Generation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one consumer feeds, and how far each partition had been applied to each when it began to: what lies before is not
 * delivered again. Not thread-safe: belongs to the consumer's thread.
 */
final class Feeding {
    private final List<Fed> feeds;
    private final Map<Generation, Map<Integer, Long>> applied = new HashMap<>();

    Feeding(List<Fed> feeds) {
        this.feeds = List.copyOf(feeds);
        feeds.forEach(fed -> applied.put(fed.generation(), new HashMap<>()));
    }

    /**
     * One feed.
     *
     * @param serving whether reads see what it feeds; the command side, and those who look at dead letters, hear of these alone
     */
    record Fed(ProjectionFeed feed, boolean serving) {
        Generation generation() {
            return feed.generation();
        }
    }

    /** The same, without what is not to be fed any more; nothing may come in that was not fed before. */
    Feeding with(List<Fed> fewer) {
        Feeding next = new Feeding(fewer);
        applied.forEach(next.applied::replace);
        return next;
    }

    List<Fed> feeds() {
        return feeds;
    }

    List<String> keys() {
        return feeds.stream().map(fed -> fed.generation().key()).toList();
    }

    /** The last offset of the partition that the generation had applied; -1 for none. */
    void begins(Generation generation, int partition, long last) {
        applied.getOrDefault(generation, new HashMap<>()).put(partition, last);
    }

    boolean isNews(Fed fed, int partition, long offset) {
        return offset > applied.getOrDefault(fed.generation(), Map.of()).getOrDefault(partition, -1L);
    }

    List<Delivery> news(Fed fed, List<Delivery> deliveries) {
        boolean all = deliveries.stream().allMatch(each -> isNews(fed, each.partition(), each.offset()));
        return all
                ? deliveries
                : deliveries.stream()
                        .filter(each -> isNews(fed, each.partition(), each.offset()))
                        .toList();
    }

    /** Whether an event is news to something that is read. */
    boolean isNewsToReaders(int partition, long offset) {
        return feeds.stream().anyMatch(fed -> fed.serving() && isNews(fed, partition, offset));
    }
}

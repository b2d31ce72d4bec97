package io.userstore.query.intake;

import io.userstore.query.projection.Delivery;
import io.userstore.query.projection.Skipped;
import java.util.ArrayList;
import java.util.List;

/** What is made of a batch of records, one step after the other. */
sealed interface Step {

    /** Events to be applied. */
    record Apply(List<Delivery> deliveries) implements Step {}

    /** An event of an unknown type, between those before it and those behind. */
    record Skip(Skipped event) implements Step {}

    /** Adds a delivery to the last step when that applies, else a step. */
    static void add(List<Step> steps, Delivery delivery) {
        if (!steps.isEmpty() && steps.getLast() instanceof Apply(var deliveries)) {
            deliveries.add(delivery);
            return;
        }
        List<Delivery> first = new ArrayList<>();
        first.add(delivery);
        steps.add(new Apply(first));
    }
}

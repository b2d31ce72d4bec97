package io.userstore.query.intake;

import java.util.List;

/** What becomes of records that a generation cannot take. Implementations are thread-safe. */
@FunctionalInterface
interface Aside {
    void put(Feeding.Fed fed, List<DeadLetter> letters);
}

package io.userstore.command.store;

import java.util.function.BooleanSupplier;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;

/**
 * The transactions of commands, each around all that its command reads and writes. A fact of signing in that is decided from memory
 * comes to one statement, and so to none: that spares a round trip to the database. Thread-safe.
 *
 * @param transactions makes them
 * @param claimed whether something else is to be written together with the events of this thread's command
 */
record CommandTransactions(TransactionManager transactions, BooleanSupplier claimed) implements TransactionManager {
    @Override
    public Transaction startTransaction() {
        return EventContext.isDecidedFromMemory() && !claimed.getAsBoolean()
                ? NoTransactionManager.instance().startTransaction()
                : transactions.startTransaction();
    }
}

package io.userstore.command.store;

import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;

/** A message that is clear to whoever handles it and sealed when it is written. */
final class SealedMessage<T> extends GenericDomainEventMessage<T> {
    private static final long serialVersionUID = 1L;

    private final transient Function<SealedJson, String> seal;

    SealedMessage(DomainEventMessage<T> clear, Function<SealedJson, String> seal) {
        super(clear.getType(), clear.getAggregateIdentifier(), clear.getSequenceNumber(), clear, clear.getTimestamp());
        this.seal = seal;
    }

    @Override
    @SuppressWarnings("unchecked") // the data type of this storage is text
    public <S> SerializedObject<S> serializePayload(Serializer serializer, Class<S> expected) {
        SerializedObject<String> clear = super.serializePayload(serializer, String.class);
        return (SerializedObject<S>)
                new SimpleSerializedObject<>(seal.apply(SealedJson.of(clear.getData())), String.class, clear.getType());
    }
}

package io.userstore.command.store;

import io.userstore.api.event.EventType;
import io.userstore.command.signin.StoredSignInEvent.LoginRecorded;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Revision 1 of {@code user.login-recorded} said the provider, and a password by saying nothing; revision 2 says the method, as
 * the published event does. Everything else passes through as it is, what is sealed too. Thread-safe.
 */
final class LoginRecordedUpcaster extends SingleEventUpcaster {
    /** The revision that this code writes. */
    static final int REVISION = 2;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String NAME = EventType.LOGIN_RECORDED.catalogName();
    private static final SimpleSerializedType BEFORE = new SimpleSerializedType(NAME, "1");
    private static final SimpleSerializedType AFTER = new SimpleSerializedType(NAME, Integer.toString(REVISION));

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
        return event.getType().equals(BEFORE);
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
        return event.upcastPayload(AFTER, String.class, LoginRecordedUpcaster::withMethod);
    }

    private static String withMethod(String json) {
        ObjectNode payload = (ObjectNode) JSON.readTree(json);
        String provider = payload.path("provider").asString(LoginRecorded.PASSWORD);
        payload.remove("provider");
        payload.put("method", provider);
        return payload.toString();
    }
}

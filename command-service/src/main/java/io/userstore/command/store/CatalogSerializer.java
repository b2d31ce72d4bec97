package io.userstore.command.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.userstore.api.json.Json;
import java.util.Map;
import java.util.stream.Collectors;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * JSON with the catalog's names in place of Java class names, so that a class can be renamed while its events stay
 * readable for ever. What is not in the catalog (Axon's own tokens) keeps its class name. Thread-safe.
 */
final class CatalogSerializer extends Jackson3Serializer {
    private final @Nullable Map<Class<?>, SerializedType> typeByClass;
    private final @Nullable Map<String, String> classByName;

    private CatalogSerializer(Builder builder) {
        super(builder);
        Map<Class<?>, StoredCatalog.Name> names = StoredCatalog.names();
        typeByClass = names.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new SimpleSerializedType(
                                entry.getValue().name(),
                                Integer.toString(entry.getValue().revision()))));
        classByName = names.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> entry.getValue().name(),
                        entry -> entry.getKey().getName()));
    }

    static CatalogSerializer create() {
        return new CatalogSerializer(
                new Builder().lenientDeserialization().jsonMapperBuilderCustomizer(CatalogSerializer::customize));
    }

    private static void customize(JsonMapper.Builder mapper) {
        // Axon writes its tokens with class names inside; without leave to read those back the publisher would stall
        // at its first restart.
        mapper.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder()
                        .allowIfSubType("org.axonframework.eventhandling.")
                        .allowIfSubType("java.util.")
                        .build())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
                // A field that is left out where it is false is read as false.
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .addModule(Json.times());
    }

    @Override
    protected String resolveClassName(SerializedType serializedType) {
        String name = serializedType.getName();
        // Null while the superclass is being constructed.
        return classByName == null ? name : classByName.getOrDefault(name, name);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public SerializedType typeForClass(Class type) {
        SerializedType named = type == null || typeByClass == null ? null : typeByClass.get(type);
        return named == null ? super.typeForClass(type) : named;
    }
}

/** Clients of Kafka as both services need them. Touches Kafka's clients only. */
@NullMarked
package io.userstore.kafka;

import org.jspecify.annotations.NullMarked;

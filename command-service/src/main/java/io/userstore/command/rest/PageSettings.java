package io.userstore.command.rest;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the pages that mails link to.
 *
 * @param templates a folder of templates that go before those built in, or null
 */
@ConfigurationProperties("userstore.pages")
public record PageSettings(@Nullable Path templates) {}

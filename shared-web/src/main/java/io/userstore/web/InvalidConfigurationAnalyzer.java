package io.userstore.web;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells of a wrong configuration without a stack trace. Made by Boot, by name. */
final class InvalidConfigurationAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationException> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, InvalidConfigurationException cause) {
        return new FailureAnalysis(cause.getMessage(), null, cause);
    }
}

package io.userstore.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The client keeps to what its {@code package-info.java} says; a class proves that the rule can fail. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.userstore.client");

    private static final ArchRule NO_FRAMEWORK = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.userstore.client..",
                    "io.userstore.api.audit..",
                    "io.userstore.api.event..",
                    "io.userstore.api.user..",
                    "io.userstore.api.error..",
                    "io.userstore.api.json..",
                    "tools.jackson..",
                    "com.fasterxml.jackson.annotation..",
                    "org.jspecify.annotations..");

    @Test
    void theClientNeedsNothingButTheContractAndJson() {
        NO_FRAMEWORK.check(MAIN);
        assertThat(NO_FRAMEWORK
                        .evaluate(new ClassFileImporter().importClasses(OpensWhatIsSealed.class))
                        .hasViolation())
                .isTrue();
    }

    /** Breaks the rule on purpose. */
    static final class OpensWhatIsSealed {
        io.userstore.api.seal.@org.jspecify.annotations.Nullable UserKey key;
    }
}

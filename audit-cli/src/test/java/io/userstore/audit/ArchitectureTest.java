package io.userstore.audit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.userstore.query.QueryService;
import org.junit.jupiter.api.Test;

/** An auditor takes no class of those who are audited; a class proves that the rule can fail. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.userstore.audit");

    private static final ArchRule NO_SERVICE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.userstore.command..",
                    "io.userstore.query..",
                    "io.userstore.web..",
                    "org.springframework..",
                    "org.axonframework..");

    private static final ArchRule SOURCES_KNOW_NO_VERIFICATION = noClasses()
            .that()
            .resideInAnyPackage("io.userstore.audit.source..", "io.userstore.audit.fold..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.userstore.audit", "io.userstore.audit.verify..", "io.userstore.audit.readmodel..");

    @Test
    void theToolRestsOnTheContractAlone() {
        NO_SERVICE.check(MAIN);
        SOURCES_KNOW_NO_VERIFICATION.check(MAIN);
        assertThat(NO_SERVICE
                        .evaluate(new ClassFileImporter().importClasses(KnowsAService.class))
                        .hasViolation())
                .isTrue();
    }

    /** Breaks the rule on purpose. */
    static final class KnowsAService {
        @org.jspecify.annotations.Nullable
        QueryService service;
    }
}

package io.userstore.command;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.userstore.command.publish.AnswersRequests;
import io.userstore.command.rest.SendsMail;
import io.userstore.command.rest.WritesSql;
import io.userstore.command.seal.KnowsAUser;
import io.userstore.command.store.TalksToKafka;
import io.userstore.command.user.ReadsTheClock;
import io.userstore.web.InvalidConfigurationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages keep to what their {@code package-info.java} says; each rule has a class that proves it can fail. */
class ArchitectureTest {
    private static final String COMMAND = "io.userstore.command.";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.userstore.command");

    private static final ArchRule THE_DOMAIN_IS_PURE = noClasses()
            .that()
            .resideInAnyPackage(COMMAND + "user..", COMMAND + "signin..", COMMAND + "application..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "java.sql..",
                    "javax.sql..",
                    "org.apache.kafka..",
                    "jakarta..",
                    "io.userstore.web..",
                    COMMAND + "store..",
                    COMMAND + "rest..",
                    COMMAND + "publish..")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    private static final ArchRule KAFKA_ONLY_WHERE_IT_BELONGS = noClasses()
            .that()
            .resideOutsideOfPackages(COMMAND + "publish..", COMMAND + "visibility..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..");

    /** But for the one sentence with which a wrong configuration ends the start, which is no matter of HTTP. */
    private static final ArchRule HTTP_ONLY_IN_REST = noClasses()
            .that()
            .resideOutsideOfPackages(COMMAND + "rest..", "io.userstore.command")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "io.userstore.web..")
                            .and(not(type(InvalidConfigurationException.class))));

    private static final ArchRule MAIL_SERVERS_ONLY_IN_MAIL = noClasses()
            .that()
            .resideOutsideOfPackage(COMMAND + "mail..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..", "org.springframework.mail..");

    private static final ArchRule NO_SQL_IN_REST = noClasses()
            .that()
            .resideInAPackage(COMMAND + "rest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.jdbc..", "javax.sql..", "org.apache.kafka..");

    private static final ArchRule SEALING_KNOWS_NOBODY = noClasses()
            .that()
            .resideInAPackage(COMMAND + "seal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.userstore.api..",
                    COMMAND + "user..",
                    COMMAND + "signin..",
                    COMMAND + "store..",
                    COMMAND + "rest..",
                    COMMAND + "publish..");

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of(THE_DOMAIN_IS_PURE, ReadsTheClock.class),
                Arguments.of(KAFKA_ONLY_WHERE_IT_BELONGS, TalksToKafka.class),
                Arguments.of(HTTP_ONLY_IN_REST, AnswersRequests.class),
                Arguments.of(MAIL_SERVERS_ONLY_IN_MAIL, SendsMail.class),
                Arguments.of(NO_SQL_IN_REST, WritesSql.class),
                Arguments.of(SEALING_KNOWS_NOBODY, KnowsAUser.class));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleHoldsAndCanFail(ArchRule rule, Class<?> violation) {
        assertThat(rule.evaluate(MAIN).hasViolation())
                .as(rule.evaluate(MAIN).toString())
                .isFalse();
        assertThat(rule.evaluate(new ClassFileImporter().importClasses(violation))
                        .hasViolation())
                .isTrue();
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        slices().matching(COMMAND + "(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void theWriteSideKnowsNothingOfReadModels() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.userstore.query..", "com.mongodb..", "org.bson..")
                .check(MAIN);
    }

    @Test
    void theContractKnowsNoFramework() {
        JavaClasses contract = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.userstore.api");
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "org.axonframework..", "org.apache.kafka..", "jakarta..", "java.sql..")
                .check(contract);
    }
}

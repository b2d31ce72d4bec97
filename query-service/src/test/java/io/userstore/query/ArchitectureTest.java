package io.userstore.query;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.userstore.query.activity.ReadsTheUsersDirectly;
import io.userstore.query.mongo.KnowsARequest;
import io.userstore.query.projection.TalksToKafka;
import io.userstore.query.rest.TouchesTheDatabase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages keep to what their {@code package-info.java} says; each rule has a class that proves it can fail. */
class ArchitectureTest {
    private static final String QUERY = "io.userstore.query.";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.userstore.query");

    private static final ArchRule KAFKA_ONLY_WHERE_IT_BELONGS = noClasses()
            .that()
            .resideOutsideOfPackages(QUERY + "intake..", QUERY + "stream..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..");

    private static final ArchRule HTTP_ONLY_IN_REST = noClasses()
            .that()
            .resideInAnyPackage(
                    QUERY + "mongo..",
                    QUERY + "projection..",
                    QUERY + "intake..",
                    QUERY + "stream..",
                    QUERY + "users..",
                    QUERY + "statistics..",
                    QUERY + "activity..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta.servlet..", "org.springframework.web..", "io.userstore.web..", QUERY + "rest..");

    private static final ArchRule NO_DATABASE_IN_REST = noClasses()
            .that()
            .resideInAPackage(QUERY + "rest..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.mongodb.client..", "org.bson..", QUERY + "mongo..", QUERY + "intake..");

    private static final ArchRule READ_MODELS_ARE_STRANGERS = noClasses()
            .that()
            .resideInAPackage(QUERY + "activity..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(QUERY + "users..", QUERY + "statistics..", QUERY + "intake..");

    private static final ArchRule NO_COMMANDS = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.axonframework..", "java.sql..", "io.userstore.command..");

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of(KAFKA_ONLY_WHERE_IT_BELONGS, TalksToKafka.class),
                Arguments.of(HTTP_ONLY_IN_REST, KnowsARequest.class),
                Arguments.of(NO_DATABASE_IN_REST, TouchesTheDatabase.class),
                Arguments.of(READ_MODELS_ARE_STRANGERS, ReadsTheUsersDirectly.class),
                Arguments.of(NO_COMMANDS, KnowsSql.class));
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
    void usersAndStatisticsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(QUERY + "users..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(QUERY + "statistics..", QUERY + "activity..", QUERY + "intake..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage(QUERY + "statistics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(QUERY + "users..", QUERY + "activity..", QUERY + "intake..")
                .check(MAIN);
    }

    @Test
    void projectionsAreInnerMatters() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Projection")
                .and()
                .areNotInterfaces()
                .should()
                .bePackagePrivate()
                .check(MAIN);
    }

    /** Breaks a rule on purpose. */
    static final class KnowsSql {
        java.sql.@org.jspecify.annotations.Nullable Connection connection;
    }
}

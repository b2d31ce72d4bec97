package io.userstore.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PopulationTest {

    @Test
    void eachOfThoseToLoadIsHandedOutOnce() {
        Population population = new Population(2, "");
        assertThat(population.nextToLoad()).isEqualTo(new Person(1, ""));
        assertThat(population.nextToLoad()).isEqualTo(new Person(2, ""));
        assertThat(population.nextToLoad()).isNull();
        assertThat(population.nextPerson().number()).isGreaterThan(2);
    }

    @Test
    void deletionTakesThoseCreatedLaterFirstAndEverybodyOnce() {
        Population population = new Population(3, "");
        population.created(new Person(1, ""), "loaded-1");
        population.created(new Person(3, ""), "loaded-3");
        population.created(new Person(9, ""), "later");
        assertThat(population.takeForDeletion()).isEqualTo("later");
        assertThat(population.takeForDeletion()).isEqualTo("loaded-3");
        assertThat(population.takeForDeletion()).isEqualTo("loaded-1");
        assertThat(population.takeForDeletion()).isNull();
    }

    @Test
    void peopleOfDifferentRunsHaveDifferentNames() {
        assertThat(new Person(1, "").email()).isEqualTo("user000001@example.com");
        assertThat(new Person(1, ".k3").username()).isEqualTo("user000001.k3");
        assertThat(new Person(1_000_001, "").username()).isEqualTo("user1000001");
    }
}

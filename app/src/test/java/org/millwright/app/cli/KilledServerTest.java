package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed at any moment of the line and started again: nothing acknowledged is lost, the line goes on. */
class KilledServerTest {
    @TempDir
    Path folder;

    private Faults faults;

    @Test
    void theLineGoesOnWhereItWasKilled() {
        faults = new Faults(folder);
        String run;
        try (var load = new Load()) {
            try (var server = ServerProcess.serve(faults.data)) {
                faults.approve(server);
                run = faults.startLine(server);
                faults.awaitBegun("fetch", 1);
                killUnderLoad(server, load);
            }
            try (var server = ServerProcess.serve(faults.data)) {
                verify(server, load);
                theInterruptedStepBeginsAgain(server, run, "fetch");
                faults.open("fetch", "");
                faults.awaitBegun("work", 1);
                killUnderLoad(server, load);
            }
            try (var server = ServerProcess.serve(faults.data)) {
                verify(server, load);
                theInterruptedStepBeginsAgain(server, run, "work");
                faults.open("work", "");
                theLineIsWhole(server, run);
            }
        }
    }

    @Test
    void aReleaseGoesOnWhereItWasKilled() {
        faults = new Faults(folder);
        String first;
        String second;
        try (var server = ServerProcess.serve(faults.data)) {
            first = faults.release(server, 1);
            faults.noteLedger(server);
            server.kill();
        }
        try (var server = ServerProcess.serve(faults.data)) {
            faults.verifyLedger(server);
            faults.promote(server, 1);
            second = faults.release(server, 2);
            ServerProcess.await("version 2 to be staged", () -> has(server, "model:delays/2", "deployment.staged"));
            faults.noteLedger(server);
            server.kill();
        }
        try (var server = ServerProcess.serve(faults.data)) {
            faults.verifyLedger(server);
            JsonNode deployment = faults.promote(server, 2);
            assertThat(deployment.path("previous").asText()).isEqualTo("1");
            ServerProcess.await(
                    "the releases to know", () -> faults.state(server, second).equals("production") ? true : null);
            ServerProcess.await(
                    "the first to be replaced",
                    () -> faults.state(server, first).equals("replaced") ? true : null);
            for (int version = 1; version <= 2; version++) {
                assertThat(actions(server, "model:delays/" + version))
                        .containsSubsequence(
                                "release.requested",
                                "approval.approved",
                                "release.approved",
                                "deployment.staged",
                                "release.staged",
                                "deployment.canary-started",
                                "release.canary",
                                "deployment.promoted");
            }
            assertThat(actions(server, "model:delays/2"))
                    .filteredOn(action -> !action.equals("gate.passed"))
                    .doesNotHaveDuplicates();

            assertThat(faults.release(server, 1)).as("released again").isNotEqualTo(first);
            assertThat(faults.promote(server, 1).path("previous").asText()).isEqualTo("2");
        }
    }

    private void killUnderLoad(ServerProcess server, Load load) {
        load.begin(server.port());
        load.awaitAcknowledged(200);
        faults.noteLedger(server);
        server.kill();
        load.awaitEnd();
    }

    private void verify(ServerProcess server, Load load) {
        faults.verifyLedger(server);
        faults.verifyFiles();
        load.verify(server.port());
    }

    /** One attempt more, of which the process is the only one that is left. */
    private void theInterruptedStepBeginsAgain(ServerProcess server, String run, String step) {
        faults.awaitBegun(step, 2);
        long orphan = faults.began(step).getFirst();
        boolean lives = ProcessHandle.of(orphan)
                .flatMap(process -> process.info().command())
                .isPresent();
        assertThat(lives).as("the killed server's " + step).isFalse();
        assertThat(Faults.step(server.get("/api/1/runs/" + run), step)).isEqualTo("running 2");
    }

    private void theLineIsWhole(ServerProcess server, String run) {
        JsonNode ended = faults.awaitEnd(server, run);
        assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("succeeded");
        assertThat(Faults.step(ended, "fetch")).isEqualTo("succeeded 2");
        assertThat(Faults.step(ended, "numbers")).isEqualTo("succeeded 1");
        assertThat(Faults.step(ended, "work")).isEqualTo("succeeded 2");
        assertThat(faults.began("fetch")).hasSize(2);
        assertThat(server.get("/api/1/datasets?name=numbers").path("versions")).hasSize(1);
        assertThat(actions(server, "run:" + run))
                .filteredOn("pipeline-run.step-lost"::equals)
                .hasSize(2);
    }

    private static Boolean has(ServerProcess server, String subject, String action) {
        return actions(server, subject).contains(action) ? true : null;
    }

    private static List<String> actions(ServerProcess server, String subject) {
        var actions = new ArrayList<String>();
        server.get("/api/1/ledger?subject=" + Client.part(subject))
                .path("entries")
                .forEach(entry -> actions.add(entry.path("action").asText()));
        return actions;
    }
}

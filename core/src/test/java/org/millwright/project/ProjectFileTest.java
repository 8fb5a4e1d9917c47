package org.millwright.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millwright.identity.Role;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Constraints;

final class ProjectFileTest {
    static final String GOOD = """
            apiVersion: millwright/v1
            kind: Project
            name: flight-delays
            purpose: Tell travellers before departure how late they will arrive.
            owner: ana
            risk-tier: low
            data: [{name: flights, classification: public, source: a package}]
            members: {ana: [data-scientist], mia: [ml-engineer], ben: [approver]}
            environment: {python: "3.11", requirements: requirements.in, lock: requirements.lock, threads: 2}
            model: {name: flight-delays, task: regression, label: arr_delay, id: flight_id, time: event_time}
            handoff: {tolerance: 0.001, rows: 20000}
            release: {smoke-rows: 100, canary: {traffic: 25, min-requests: 200}}
            """;

    @Test
    void readsWhatInputsAreNarrowedTo() {
        String narrow = "rows: 20000, narrow: {wind: {not-null: true, finite: true, min: 0, max: 99.5},"
                + " carrier: {values: [UA, AA], not-empty: true, max-length: 2}}}";
        ProjectFile file = ProjectFile.parse(GOOD.replace("rows: 20000}", narrow));

        assertThat(file.handOff().narrow())
                .isEqualTo(Map.of(
                        "wind",
                        Constraints.NONE.withNotNull().withFinite().withRange(0, 99.5),
                        "carrier",
                        Constraints.NONE
                                .withValues(Set.of("AA", "UA"))
                                .withNotEmpty()
                                .withMaxLength(2)));
        assertThat(ProjectFile.parse(GOOD).handOff().narrow()).isEmpty();
        String wrong = "rows: 20000, narrow: {wind: {min: 2, max: 1}, rain: {not-nul: true}, snow: {finite: 1}}}";
        assertThatThrownBy(() -> ProjectFile.parse(GOOD.replace("rows: 20000}", wrong)))
                .hasMessageContaining("handoff.narrow.wind: no number is from 2.0 to 1.0")
                .hasMessageContaining("unknown key 'not-nul'; did you mean 'not-null'?")
                .hasMessageContaining("handoff.narrow.snow.finite: expected true or false, got '1'");
    }

    @Test
    void readsStages() {
        ProjectFile file = ProjectFile.parse(GOOD + """
                stages:
                  - dev
                  - {name: staging, deployments: [trial], policies: [calm]}
                  - {name: production, policies: [calm, strict]}
                """);

        assertThat(file.stageOf("trial").name()).isEqualTo("staging");
        assertThat(file.stageOf("flight-delays").policies()).containsExactly("calm", "strict");
        assertThat(ProjectFile.parse(GOOD).stages())
                .extracting(DeploymentStage::name)
                .containsExactly("dev", "staging", "production");
        assertThatThrownBy(() -> ProjectFile.parse(GOOD + """
                stages:
                  - Dev
                  - {name: staging, deployment: [a], deployments: [b]}
                  - {name: staging, deployments: [b]}
                """))
                .hasMessageContaining("that start with a letter, got 'Dev'")
                .hasMessageContaining("unknown key 'deployment'; did you mean 'deployments'?")
                .hasMessageContaining("a second stage named 'staging'")
                .hasMessageContaining("deployment 'b' belongs to stage 'staging' already");
    }

    @Test
    void readsEveryField() {
        ProjectFile file = ProjectFile.parse(GOOD);

        assertThat(file.name()).isEqualTo("flight-delays");
        assertThat(file.members()).containsEntry("ben", List.of(Role.APPROVER));
        assertThat(file.handOff().tolerance()).isEqualTo(0.001);
    }

    @Test
    void readsTheLimitsOfDeployments() {
        String limits = "min-requests: 200}, limits: {requests: 100, timeout: 500ms}}";
        ProjectFile file = ProjectFile.parse(GOOD.replace("min-requests: 200}}", limits));

        assertThat(file.release().limits()).isEqualTo(new Limits(100, Duration.ofMillis(500)));
        assertThat(ProjectFile.parse(GOOD).release().limits()).isEqualTo(Limits.DEFAULT);
        String wrong = "min-requests: 200}, limits: {requests: 0, timeout: 1ms, timout: 5s}}";
        assertThatThrownBy(() -> ProjectFile.parse(GOOD.replace("min-requests: 200}}", wrong)))
                .hasMessageContaining("release.limits.requests: expected 1 to 1024 at the same time, got 0")
                .hasMessageContaining("release.limits.timeout: expected a time from 10ms to 10m, such as 500ms or 5s")
                .hasMessageContaining("unknown key 'timout'; did you mean 'timeout'?");
    }

    @Test
    void readsHowLongCertificatesAreValid() {
        assertThat(ProjectFile.parse(GOOD).release().certificateValidFor()).isEqualTo(Duration.ofDays(365));
        String ninety = GOOD.replace("smoke-rows: 100", "smoke-rows: 100, certificate-valid-for: 90d");
        assertThat(ProjectFile.parse(ninety).release().remaking()).isEqualTo(Remaking.CERTIFIED);
        assertThat(ProjectFile.parse(ninety.replace("90d", "90d, reproduce: registered"))
                        .release()
                        .remaking())
                .isEqualTo(Remaking.REGISTERED);
        assertThatThrownBy(() -> ProjectFile.parse(ninety.replace("90d", "90d, reproduce: sometimes")))
                .hasMessageContaining("release.reproduce: expected registered, certified or never");
        assertThat(ProjectFile.parse(ninety).release().certificateValidFor()).isEqualTo(Duration.ofDays(90));
        for (String wrong : List.of("23h", "3651d", "never")) {
            assertThatThrownBy(() -> ProjectFile.parse(ninety.replace("90d", wrong)))
                    .hasMessageContaining("release.certificate-valid-for: expected a time from 1d to 3650d");
        }
    }

    @Test
    void readsWhatIsKeptOfRequests() {
        String log = "min-requests: 200}, log: {sample: 0.01, redact: [name, email], keep: 7d, megabytes: 50}}";
        ProjectFile file = ProjectFile.parse(GOOD.replace("min-requests: 200}}", log));

        assertThat(file.release().log())
                .contains(new RequestSampling(0.01, Set.of("name", "email"), Duration.ofDays(7), 50));
        assertThat(ProjectFile.parse(GOOD).release().log()).isEmpty();
        String wrong = "min-requests: 200}, log: {sample: 2, keep: 1s, megabytes: 0}}";
        assertThatThrownBy(() -> ProjectFile.parse(GOOD.replace("min-requests: 200}}", wrong)))
                .hasMessageContaining("release.log: missing key 'redact'")
                .hasMessageContaining("release.log.sample: expected a share above 0 and at most 1, got 2.0")
                .hasMessageContaining("release.log.keep: expected a time from 1h to 3650d, such as 30d")
                .hasMessageContaining("release.log.megabytes: expected 1 to 1000000, got 0");
    }

    @Test
    void readsWhatARequestSays() {
        String says = """
                business-owner: bea
                expected-value: {amount: 0.2, currency: CHF, per: outcome, because: fewer missed connections}
                users-affected: {who: travellers, number: 20000}
                intake: {worst-error: harm, high-risk-area: [employment, education]}
                reviewers: [approver, validator]
                budget: {compute-seconds: 3600}
                review-every: 180d
                template: tabular-regression
                """;
        ProjectPlan plan = ProjectFile.parse(GOOD + says).plan();
        assertThat(plan.value()).contains(new ProjectPlan.Value(0.2, "CHF", "outcome", "fewer missed connections"));
        assertThat(plan.affected()).contains(new ProjectPlan.Affected("travellers", 20_000));
        assertThat(plan.intake()).containsEntry("high-risk-area", List.of("employment", "education"));
        assertThat(plan.reviewers()).containsExactly("approver", "validator");
        assertThat(plan.budget()).contains(new ProjectPlan.Budget(3_600));
        assertThat(plan.reviewEvery(RiskTier.HIGH)).isEqualTo(Duration.ofDays(180));
        ProjectPlan none = ProjectFile.parse(GOOD).plan();
        assertThat(none.intake()).isEmpty();
        assertThat(none.reviewEvery(RiskTier.HIGH)).isEqualTo(Duration.ofDays(90));
        assertThat(none.reviewEvery(RiskTier.MINIMAL)).isEqualTo(Duration.ofDays(365));

        String wrong = """
                expected-value: {amount: -1, currency: euro, per: day}
                reviewers: [auditor, auditor]
                budget: {compute-seconds: 0}
                review-every: 1h
                """;
        assertThatThrownBy(() -> ProjectFile.parse(GOOD + wrong))
                .hasMessageContaining("expected-value.amount: expected a number above 0, got -1.0")
                .hasMessageContaining("expected-value.currency: expected three letters, such as EUR")
                .hasMessageContaining("expected-value.per: expected one of month, outcome, prediction, year, got 'day'")
                .hasMessageContaining("reviewers[0]: role 'auditor' decides nothing")
                .hasMessageContaining("reviewers: expected 1 to 5 different roles")
                .hasMessageContaining("budget.compute-seconds: expected at least 1, got 0")
                .hasMessageContaining("review-every: expected a time from 1d to 1096d, such as 180d");
    }

    @Test
    void layoutDoesNotChangeTheDigest() {
        assertThat(ProjectFile.parse("# why\n" + GOOD).digest())
                .isEqualTo(ProjectFile.parse(GOOD).digest());
        assertThat(ProjectFile.parse(GOOD.replace("0.001", "0.002")).digest())
                .isNotEqualTo(ProjectFile.parse(GOOD).digest());
    }

    @Test
    void reportsAllMistakesAtOnceWithTheirLines() {
        String bad = GOOD.replace("risk-tier: low", "risk-teir: low")
                .replace("label: arr_delay, ", "")
                .replace("[approver]", "[aprover]");

        assertThatThrownBy(() -> ProjectFile.parse(bad))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining(
                        "millwright.yaml:6: risk-teir: unknown key 'risk-teir'; did you mean 'risk-tier'?")
                .hasMessageContaining("missing key 'risk-tier'")
                .hasMessageContaining("millwright.yaml:8: members.ben[0]: Unknown role 'aprover'")
                .hasMessageContaining("millwright.yaml:10: model: missing key 'label'");
    }

    @Test
    void anAgreementIsToldWhereItWent() {
        String before = GOOD + "agreement: {window: day, drift: {method: psi}}\n";
        assertThatThrownBy(() -> ProjectFile.parse(before))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("millwright.yaml:13: agreement: an agreement is a file of its own now")
                .hasMessageContaining("mw agreement propose");
        assertThat(ProjectFile.kept(before).name()).isEqualTo("flight-delays");
        assertThat(ProjectFile.agreement(before).orElseThrow().window()).isEqualTo("day");
        assertThat(ProjectFile.agreement(GOOD)).isEmpty();
    }

    @Test
    void brokenYamlNamesItsLine() {
        assertThatThrownBy(() -> ProjectFile.parse("name: a\nowner: [x\n"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("millwright.yaml:3: not valid YAML");
    }
}

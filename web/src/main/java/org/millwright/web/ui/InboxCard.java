package org.millwright.web.ui;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.approval.Approval;
import org.millwright.approval.Condition;
import org.millwright.approval.Finding;
import org.millwright.approval.Inbox;
import org.millwright.approval.Reproduced;
import org.millwright.gate.Judgement;
import org.millwright.project.Assessment;
import org.millwright.project.ProjectFile;

/**
 * A request as the approver reads it: first what it means, then the evidence.
 *
 * @param changes what becomes otherwise with a yes, in a sentence; "" where the title says it
 * @param lines of a file, where another text of it is to be in force
 * @param asked what the project's request answered
 * @param facts what is shown and has no place of its own, by name
 * @param since what is not as it was when it was asked for last
 * @param rows candidate against champion, as the gate saw them
 * @param refusal what happens when it is refused
 * @param back how to return from it
 */
public record InboxCard(
        Inbox.Item item,
        String changes,
        List<LineChange> lines,
        Optional<Asked> asked,
        List<Map.Entry<String, String>> facts,
        List<Changed> since,
        Optional<Judgement> gate,
        List<Evaluation.Row> rows,
        List<Evaluation.Slice> slices,
        String figure,
        String champion,
        List<Finding> findings,
        List<Condition> conditions,
        Optional<Reproduced> reproduced,
        String refusal,
        String back) {

    /**
     * The request of the project that it is about.
     *
     * @param assessment what followed from its answers; empty where it answered nothing
     */
    public record Asked(ProjectFile file, Optional<Assessment> assessment) {
        /** The tier with where it comes from. */
        public String tier() {
            return assessment
                    .map(found -> file.riskTier().text() + "; the answers mean at least "
                            + found.tier().text())
                    .orElse(file.riskTier().text() + ", as stated: the intake is not answered");
        }
    }

    /** Something that was otherwise. */
    public record Changed(String name, String was, String is) {}

    /** Whether it is about a release or a protected name, which several people decide and which can be under conditions. */
    public boolean isApproval() {
        return item.approval().isPresent();
    }

    /** What a reason is needed for. */
    public String reasoned() {
        if (!item.isSentBack()) {
            return "needed";
        }
        return item.asked() ? "needed to refuse, to send back and to ask" : "needed to refuse and to send back";
    }

    public List<Approval.Vote> votes() {
        return item.approval().map(Approval::votes).orElse(List.of());
    }

    /** Who still has to say yes, in words. */
    public String eyes() {
        return item.approval()
                .filter(approval -> approval.needed() > 1)
                .map(approval -> approval.votes().size() + " of " + approval.needed() + " different people approved")
                .orElse("");
    }

    /** Reference of the model version that it is about; "" for others. */
    public String version() {
        String model = item.shown().path("model").asText();
        return model.isEmpty()
                ? ""
                : "model:" + model + "/" + item.shown().path("version").asText();
    }

    /** Values of slices that are worse than guessing, the worst first; else the worst few. */
    public List<Evaluation.Slice> worst() {
        return slices.stream()
                .sorted(java.util.Comparator.comparingDouble(
                        slice -> Double.isNaN(slice.skill()) ? Double.POSITIVE_INFINITY : slice.skill()))
                .limit(5)
                .toList();
    }

    /** A difference with its sign, "" when there is nothing to compare with. */
    public static String difference(Evaluation.Row row) {
        return Double.isNaN(row.champion()) ? "" : Text.signed(row.value() - row.champion());
    }
}

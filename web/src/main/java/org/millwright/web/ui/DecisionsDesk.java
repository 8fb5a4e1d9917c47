package org.millwright.web.ui;

import java.util.List;
import java.util.Optional;
import org.millwright.approval.Inbox;
import org.millwright.gate.Gates;
import org.millwright.identity.Actor;
import org.millwright.insight.Insights;
import org.millwright.insight.ProjectStory;
import org.millwright.project.Projects;
import org.millwright.serving.Deployments;

/** What approvers and business owners are asked: decisions due, with what they turn on, and how their projects stand. */
public final class DecisionsDesk {
    private final Inbox inbox;
    private final InboxCards cards;
    private final Insights insights;

    public DecisionsDesk(Inbox inbox, Gates gates, Deployments deployments, Projects projects, Insights insights) {
        this.inbox = inbox;
        this.cards = new InboxCards(gates, deployments, projects);
        this.insights = insights;
    }

    /**
     * What is there to see.
     *
     * @param owned projects that the person answers for
     */
    public record View(List<InboxCard> cards, List<ProjectStory> owned) {
        /** The state in a sentence. */
        public String lead() {
            if (cards.isEmpty()) {
                return "Nothing waits for your decision.";
            }
            Optional<Long> due =
                    cards.stream().flatMap(card -> card.item().dueAt().stream()).min(Long::compare);
            return HomePages.waits(cards.size())
                    + due.map(at -> "; undecided by " + Text.exact(at) + ", the first counts as refused")
                            .orElse("")
                    + ".";
        }
    }

    /** The metric that tells most of a release, if it was measured. */
    public static Optional<Evaluation.Row> telling(InboxCard card) {
        return card.rows().stream().findFirst();
    }

    View view(Actor by) {
        return new View(inbox.of(by).stream().map(cards::card).toList(), insights.owned(by));
    }
}

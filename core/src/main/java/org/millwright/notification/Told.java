package org.millwright.notification;

import java.util.Optional;

/**
 * What became of one piece of news about an alert, for one channel.
 *
 * @param event raised, escalated, acknowledged or resolved
 * @param state waiting (held back, or for others to go with it), pending, sent, failed or dropped
 * @param at milliseconds since the epoch: when it was sent or given up, else when it was noted
 */
public record Told(String alertId, String channel, String event, String state, long at, Optional<String> error) {}

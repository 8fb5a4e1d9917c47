package org.millwright.insight;

/**
 * Something about a model that somebody has to look after.
 *
 * @param weight how much before other things, from 1 to 100
 * @param command what to type next
 * @param page where it is seen
 */
public record Attention(int weight, String reason, String command, String page) {}

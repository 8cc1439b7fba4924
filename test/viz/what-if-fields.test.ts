import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { whatIfOf } from "../../viz/model/what-if.ts";
import {
  SLIDER_STEPS,
  sliderPosition,
  valueAtSlider,
  WHAT_IF_FIELDS,
  whyNot,
  withField,
} from "../../viz/model/what-if-fields.ts";
import { fixtureTrace } from "../support/fixture-trace.ts";
import "../support/fixed-seed.ts";

describe("the numbers of what if", () => {
  it.each(WHAT_IF_FIELDS)("$id: each position of its slider is a number that may be typed, and comes back", (field) => {
    const own = whatIfOf(fixtureTrace().scenario, "web01", "1");
    let before = Number.NEGATIVE_INFINITY;
    for (let position = 0; position <= SLIDER_STEPS; position += 1) {
      const value = valueAtSlider(field.slider, position);
      expect(value).toBeGreaterThan(before);
      expect(whyNot(field, value)).toBeNull();
      expect(Math.abs(sliderPosition(field.slider, value) - position)).toBeLessThanOrEqual(1);
      expect(field.read(withField(own, field, value))).toBeCloseTo(field.id === "mtu" ? Math.round(value) : value, 5);
      before = value;
    }
  });

  it("puts what lies beyond a slider at its end", () => {
    fc.assert(
      fc.property(fc.constantFrom(...WHAT_IF_FIELDS), fc.double({ min: 0, max: 1e9, noNaN: true }), (field, value) => {
        const position = sliderPosition(field.slider, value);
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position).toBeLessThanOrEqual(SLIDER_STEPS);
      }),
    );
  });
});

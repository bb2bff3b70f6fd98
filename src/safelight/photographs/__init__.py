"""The filed clinical record: visits, slates, photographs, correction of the patient."""

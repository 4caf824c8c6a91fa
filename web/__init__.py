"""The website: one blueprint for each kind of user, and what they share.

``applicant/ window/ department/ author/ admin/`` are the desks; ``cases/`` is what a case may do (no Flask);
``store/`` keeps it; ``sheet.py`` says what a page of the merged form shows; ``forms.py`` binds what comes back.
"""
